# The image of web, workers, beat and migrations: the same code, another command. TensorFlow is not in it.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir 'uv>=0.13,<0.14'
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock ./
# The second reader is part of the shipped set-up; without the extra the image is some 120 MB smaller and fewer numbers pass.
# `--extra saml` beside it is for a directory that speaks SAML; all of it comes as wheels.
RUN uv sync --locked --no-default-groups --extra second-reader
COPY . .
# Collecting asks neither database nor key; both are named so that the settings are those of production.
RUN DATABASE_URL=postgres://nowhere/none SECRET_KEY=only-for-this-step COUNTERSIGN_VAR=/tmp/build \
    .venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin countersign
# Owned by root: the process cannot change its own code.
COPY --from=build /app /app
# A volume that is mounted here takes over whom it belongs to.
RUN install --directory --owner=10001 --mode=0700 /var/spool/countersign
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 COUNTERSIGN_VAR=/tmp/countersign
USER 10001
EXPOSE 8000
CMD ["python", "-m", "portal.serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
