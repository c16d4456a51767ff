"""Cells that make an engine stumble: what kernels send, in every form that a notebook can make them
send it.
"""

# Where output comes through a file descriptor the cell sleeps on: a stock kernel may read it only
# after the cell has ended.
CELLS = {
    "parameters": "seed = 1",
    "imports": (
        "import asyncio, ctypes, getpass, json, logging, multiprocessing, os, pickle, subprocess,"
        " sys, threading, time, warnings\nfrom IPython.display import HTML, JSON, Latex, Markdown,"
        " SVG, clear_output, display, update_display"
    ),
    "seed": "seed",
    "both-streams": (
        "print('out'); print('err', file=sys.stderr); print('more', end=''); print('\\rover')"
    ),
    "two-values": "1 + 1; 2 + 2",
    "several-values": "print('日本語 é 😀')\n{'a': [1, 2]}",
    "last-value": "_",
    "updated": (
        "handle = display(HTML('<b>one</b>'),"
        " display_id='k')\nprint('between')\nhandle.update(HTML('<b>two</b>'))"
    ),
    "updated-later": "update_display(HTML('<b>three</b>'), display_id='k')",
    "cleared-waiting": "for i in range(3):\n    clear_output(wait=True)\n    print('step', i)",
    "cleared": "print('gone'); clear_output(); print('kept')",
    "raw-bundle": (
        "display({'text/html': '<p>ja</p>', 'text/plain': 'ja'}, raw=True, metadata={'lang': 'ja'})"
    ),
    "own-mime": (
        "display({'application/vnd.analysis.exhibit+json': {'ja': '費用', 'n': 1.5}, 'text/plain':"
        " 'x'}, raw=True)"
    ),
    "rich": (
        "display(Markdown('*m*'), JSON({'a': [1]}), Latex('$x$'), SVG('<svg"
        ' xmlns="http://www.w3.org/2000/svg"/>\'))'
    ),
    "repr-bundle": (
        "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n       "
        " return {'text/html': '<i>b</i>', 'text/plain': 'b'}, {'text/html': {'isolated':"
        " True}}\nBundle()"
    ),
    "repr-raises": (
        "class Broken:\n    def __repr__(self):\n        raise ValueError('no repr')\nBroken()"
    ),
    "html-magic": "%%html\n<p>magic</p>",
    "bash-magic": "%%bash\necho from bash; echo err >&2",
    "shell-line": "!echo shell",
    "captured": "%%capture kept\nprint('hidden')",
    "captured-shown": "kept.stdout",
    "child-process": (
        "print('before'); subprocess.run(['sh', '-c', 'echo out; echo err >&2']); os.system('echo"
        " system'); time.sleep(0.2)"
    ),
    "c-level": "libc = ctypes.CDLL(None); libc.puts(b'from C'); libc.fflush(None); time.sleep(0.2)",
    "device": "subprocess.run('echo device > /dev/stdout', shell=True); time.sleep(0.2)",
    "warns": "warnings.warn('careful'); logging.warning('logged')",
    "thread": "t = threading.Thread(target=lambda: print('from a thread')); t.start(); t.join()",
    "display-in-thread": (
        "t = threading.Thread(target=lambda: display('shown in a thread')); t.start(); t.join()"
    ),
    "awaited": "await asyncio.sleep(0.01); print('awaited')",
    "task": "task = asyncio.create_task(asyncio.sleep(0.01, 'done'))",
    "task-awaited": "await task",
    "forked-pool": (
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n    print(pool.map(abs, [-3]))"
    ),
    "forked-print": (
        "pid = os.fork()\nif pid == 0:\n    print('from a fork', flush=True)\n   "
        " os._exit(0)\nos.waitpid(pid, 0)[1]\ntime.sleep(0.2)"
    ),
    "module": (
        "class Kept: pass\npickle.loads(pickle.dumps(Kept())).__class__.__module__, __name__,"
        " type(get_ipython()).__name__"
    ),
    "place": (
        "os.path.basename(os.getcwd()), sys.path, sys.executable, os.environ.get('WORKBOOK_RUN')"
    ),
    "traceback": "def inner(): return 1 / 0\ndef outer(): return inner()\nouter()",
    "syntax": "this is no python",
    "interrupts": "raise KeyboardInterrupt",
    "asks": "input('name?')",
    "asks-password": "getpass.getpass()",
    "leaves": "sys.exit(0)",
    "wide-table": "import numpy, pandas\npandas.DataFrame(numpy.arange(60.0).reshape(2, 30) / 7)",
    "library-settings": (
        "pandas.get_option('display.max_columns'), pandas.get_option('display.width'),"
        " numpy.get_printoptions()['linewidth']"
    ),
    "chart": (
        "import matplotlib, matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(2, 2));"
        " axes.plot([1, 2]); plt.show(); print(matplotlib.get_backend())"
    ),
    "chart-settings": (
        "{name: value for name, value in sorted(matplotlib.rcParams.items()) if name !="
        " 'savefig.directory'}"
    ),
    "large": "print('x' * 5_000_000)",
    "large-value": "display({'text/plain': 'y' * 2_000_000}, raw=True)",
    "large-from-child": "subprocess.run(['sh', '-c', 'yes | head -c 300000']); time.sleep(0.2)",
    "raises": "raise RuntimeError('stop')",
    "never": "print('never')",
}
RAISING = {"repr-raises", "traceback", "syntax", "interrupts", "asks", "asks-password", "leaves"}
