#!/usr/bin/env python3
"""Time from the start of the real binary to its first frame and to the frame with data, in a pseudo terminal.

usage: first_frame.py BINARY COLLEGE [TIMES]
"""
import fcntl, os, pty, re, select, signal, statistics, struct, sys, termios, time

binary, college = sys.argv[1:3]
times = int(sys.argv[3]) if len(sys.argv) > 3 else 20
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
FRAME, DATA = "诊改", "预警未办结"  # the head of the frame; a line that the overview has once its data came
frames, datas = [], []
for _ in range(times):
    begin = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LANG="zh_CN.UTF-8")
        os.execv(binary, [binary, "--data", college, "console"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    seen, frame, data = b"", None, None
    while data is None:
        if not select.select([terminal], [], [], 20)[0]:
            sys.exit("no data came within 20 s")
        chunk = os.read(terminal, 65536)
        seen += chunk
        # What a terminal answers: a narrow ambiguous character, and its kind.
        for _ in re.findall(rb"\x1b\[6n", chunk):
            os.write(terminal, b"\x1b[1;2R")
        if b"\x1b[c" in chunk:
            os.write(terminal, b"\x1b[?62;22c")
        now = (time.perf_counter() - begin) * 1000
        text = ESCAPES.sub(b"", seen).decode("utf-8", "ignore")
        frame = now if frame is None and FRAME in text else frame
        data = now if DATA in text else None
    frames.append(frame)
    datas.append(data)
    os.kill(pid, signal.SIGTERM)
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
for name, found in (("first frame", frames), ("frame with data", datas)):
    print(f"{name}: median {statistics.median(found):.1f} ms, longest {max(found):.1f} ms of {times}")
