from local.demo.input_files import SAMPLES
from tests.samples.samples import write

if __name__ == "__main__":
    write(SAMPLES)
