# One image for web, worker and beat; compose.yaml says which is which. Nothing is compiled: all parts come as wheels.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home cordon \
    && install -d -o cordon -g cordon -m 700 /srv/cordon /srv/cordon-keys /srv/cordon-keys/urns
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CORDON_READ_DOTENV=0 CORDON_VAR_DIR=/srv/cordon KEY_STORE_DIR=/srv/cordon-keys STATIC_ROOT=/app/static
# static files need no secret: the embedded shape would not compress them, so production mode runs with throw-away values
RUN CORDON_MODE=production CORDON_VAR_DIR=/tmp SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(60))") \
    ALLOWED_HOSTS=build DATABASE_URL=postgres://build REDIS_URL=redis://build python manage.py collectstatic --no-input -v 0
ENV CORDON_MODE=production
USER cordon
EXPOSE 8000
CMD ["gunicorn", "config.asgi:application", "-k", "asgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--graceful-timeout", "10"]
