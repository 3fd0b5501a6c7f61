"""Writes a capture: one FTP session with a passive upload, one TFTP upload of 1,034 bytes. Documentation addresses.

capture.py FILE [PARTS]: the upload by FTP has so many parts of 1,400 bytes, 10 if nothing is said."""
import struct
import sys

out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
clock = 1782032400.0  # 2026-06-21T09:00:00Z


def address(text):
    return bytes(int(part) for part in text.split("."))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    return struct.pack("!H", ~total & 0xFFFF)


def packet(source, target, protocol, segment):
    global clock
    clock += 0.01
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0, 64, protocol, 0) + address(source) + address(target)
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + head[:10] + checksum(head) + head[12:] + segment
    micros = round(clock * 1e6)
    out.write(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)) + frame)


def udp(source, port, target, to, data):
    packet(source, target, 17, struct.pack("!HHHH", port, to, 8 + len(data), 0) + data)


def tcp(source, port, target, to, seq, ack, flags, data=b""):
    head = struct.pack("!HHIIBBHHH", port, to, seq, ack, 0x50, flags, 65535, 0, 0)
    pseudo = address(source) + address(target) + struct.pack("!BBH", 0, 6, len(head) + len(data))
    packet(source, target, 6, head[:16] + checksum(pseudo + head + data) + head[18:] + data)


def conversation(client, port, server, to, messages):
    near, far = 1000, 5000
    tcp(client, port, server, to, near, 0, 0x02)
    near += 1
    tcp(server, to, client, port, far, near, 0x12)
    far += 1
    tcp(client, port, server, to, near, far, 0x10)
    for who, data in messages:
        if who == "client":
            tcp(client, port, server, to, near, far, 0x18, data)
            near += len(data)
            tcp(server, to, client, port, far, near, 0x10)
        else:
            tcp(server, to, client, port, far, near, 0x18, data)
            far += len(data)
            tcp(client, port, server, to, near, far, 0x10)
    tcp(client, port, server, to, near, far, 0x11)
    tcp(server, to, client, port, far, near + 1, 0x11)
    tcp(client, port, server, to, near + 1, far + 1, 0x10)


PARTS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
CLIENT, SERVER = "192.0.2.10", "198.51.100.20"
conversation(
    CLIENT,
    40000,
    SERVER,
    21,
    [
        ("server", b"220 ready\r\n"),
        ("client", b"USER ann\r\n"),
        ("server", b"331 password\r\n"),
        ("client", b"PASS example\r\n"),
        ("server", b"230 welcome\r\n"),
        ("client", b"PASV\r\n"),
        ("server", b"227 Entering Passive Mode (198,51,100,20,200,10).\r\n"),
        ("client", b"STOR x.bin\r\n"),
        ("server", b"150 go on\r\n"),
        ("server", b"226 done\r\n"),
        ("client", b"QUIT\r\n"),
        ("server", b"221 bye\r\n"),
    ],
)
conversation(CLIENT, 40001, SERVER, 200 * 256 + 10, [("client", b"x" * 1400)] * PARTS)
udp(CLIENT, 50000, SERVER, 69, b"\0\2up.bin\0octet\0")
udp(SERVER, 50001, CLIENT, 50000, b"\0\4\0\0")
for block, size in (1, 512), (2, 512), (3, 10):
    udp(CLIENT, 50000, SERVER, 50001, b"\0\3" + struct.pack("!H", block) + b"y" * size)
    udp(SERVER, 50001, CLIENT, 50000, b"\0\4" + struct.pack("!H", block))
out.close()
