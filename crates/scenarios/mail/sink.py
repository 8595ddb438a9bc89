"""An SMTP server that keeps what it takes, for tests: PyPI's aiosmtpd, told by arguments and by a file how to answer.

In:  --port, --folder; --tls CERT KEY (TLS from the first byte), --starttls CERT KEY, --auth USER PASSWORD.
Out: each mail that was taken as a file 0001.eml, ... of the folder, with its envelope before it in 0001.json.

The file `answers` in the folder holds one word a line, the next mail first: `take`; a code such as `451` or `550`; `drop`
(the connection ends before the answer to DATA); `take-drop` (the mail is kept, then the connection ends without an
answer); `wait` (the mail is kept, and answered only when the file `go` is there). What is not said is taken.
"""

import argparse
import asyncio
import json
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Sink:
    def __init__(self, folder, is_secret):
        self.folder = folder
        self.is_secret = is_secret
        self.count = len(list(folder.glob("*.eml")))

    def next_answer(self):
        path = self.folder / "answers"
        lines = path.read_text().split() if path.exists() else []
        if lines:
            path.write_text("\n".join(lines[1:]))
        return lines[0] if lines else "take"

    def keep(self, envelope, session):
        self.count += 1
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "secret": self.is_secret or session.ssl is not None,
            "user": (session.auth_data.login.decode() if session.auth_data else None),
        }
        (self.folder / f"{self.count:04}.json").write_text(json.dumps(told))
        part = self.folder / f"{self.count:04}.part"
        part.write_bytes(envelope.original_content)
        part.rename(self.folder / f"{self.count:04}.eml")

    async def handle_DATA(self, server, session, envelope):
        answer = self.next_answer()
        with (self.folder / "asked").open("a") as asked:
            asked.write(answer + "\n")
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer.isdigit():
            # As servers do, with the address.
            when = "not now" if answer[0] == "4" else "never"
            return f"{answer} <{envelope.rcpt_tos[0]}> {when}"
        self.keep(envelope, session)
        if answer == "take-drop":
            server.transport.abort()
        while answer == "wait" and not (self.folder / "go").exists():
            await asyncio.sleep(0.02)
        return "250 kept"


def context(pair):
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(*pair)
    return made


async def main():
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--folder", type=pathlib.Path, required=True)
    words.add_argument("--tls", nargs=2)
    words.add_argument("--starttls", nargs=2)
    words.add_argument("--auth", nargs=2)
    asked = words.parse_args()
    sink = Sink(asked.folder, asked.tls is not None)

    def authenticator(server, session, envelope, mechanism, data):
        known = isinstance(data, LoginPassword) and [data.login.decode(), data.password.decode()] == asked.auth
        return AuthResult(success=known, handled=False, auth_data=data if known else None)

    def session():
        return SMTP(
            sink,
            hostname="sink.example",
            tls_context=context(asked.starttls) if asked.starttls else None,
            require_starttls=asked.starttls is not None,
            authenticator=authenticator if asked.auth else None,
            auth_required=asked.auth is not None,
            auth_require_tls=asked.tls is None,
        )

    tls = context(asked.tls) if asked.tls else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", asked.port, ssl=tls)
    async with server:
        await server.serve_forever()


asyncio.run(main())
