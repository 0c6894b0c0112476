"""What the client's tests have in common beside the server."""

from services.aws_client.credentials import Credentials, EnvironmentCredentials

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
}
SOURCE = EnvironmentCredentials(KEYS)
CREDENTIALS = Credentials("AKIDEXAMPLE", "secret", "token")
