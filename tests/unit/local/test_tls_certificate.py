import datetime as dt
import stat
from pathlib import Path

from cryptography import x509

from local.tls_certificate import AWS_NAMES, issue


def test_the_server_certificate_is_the_authoritys_and_names_loopback_and_what_plays_aws(
    tmp_path: Path,
) -> None:
    issued = issue(tmp_path / "tls")

    authority = x509.load_pem_x509_certificate(issued.authority.read_bytes())
    server = x509.load_pem_x509_certificate(issued.server.read_bytes())
    server.verify_directly_issued_by(authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "*.localhost", *AWS_NAMES]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


def test_only_the_servers_private_key_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    issued = issue(tmp_path)

    with_keys = [file.name for file in tmp_path.iterdir() if b"PRIVATE" in file.read_bytes()]
    assert with_keys == ["server.key"]
    assert stat.S_IMODE(issued.key.stat().st_mode) == 0o600


def test_a_certificate_is_valid_now_and_for_months(tmp_path: Path) -> None:
    issued = issue(tmp_path)

    server = x509.load_pem_x509_certificate(issued.server.read_bytes())
    now = dt.datetime.now(dt.UTC)
    assert server.not_valid_before_utc < now
    assert server.not_valid_after_utc > now + dt.timedelta(days=180)
