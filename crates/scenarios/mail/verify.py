"""Verifies the DKIM signature of a mail with PyPI's dkimpy, which is not the code that signed it.

In:  a mail, the DNS record of its key, the name at which that stands. Out: `pass` and the tags of the signature, or `fail`.
"""

import json
import sys

import dkim

mail, record, name = open(sys.argv[1], "rb").read(), sys.argv[2].encode(), sys.argv[3].encode()


def dns(asked, timeout=5):
    return record if asked.rstrip(b".") == name else None


signed = dkim.DKIM(mail)
passed = signed.verify(dnsfunc=dns)
tags = {key.decode(): value.decode() for key, value in signed.signature_fields.items()}
print(json.dumps({"passed": passed, "tags": tags}))
