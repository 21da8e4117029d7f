# The registry, with its embedded engine. Java comes inside a Python package, so none is installed here.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /registry
COPY requirements.txt ./
RUN /registry/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY training training
RUN /registry/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 registry && install -d -o registry -g registry /data
COPY --from=build /registry /registry
ENV PATH=/registry/bin:$PATH PYTHONUNBUFFERED=1 REGISTRY_DATA_DIR=/data
USER registry
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('REGISTRY_PORT', 8000)}/health\", timeout=4)"]
CMD ["registry", "serve"]
