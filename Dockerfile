# The command line in a container: docs/how-to/set-up-a-shell.md.
FROM python:3.13-slim

WORKDIR /intermission
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY sim sim
COPY scenarios scenarios
RUN pip install --no-cache-dir -c constraints.txt . \
 && useradd --create-home planner \
 && install -d -o planner -g planner -m 1777 /results

USER planner
ENV MPLCONFIGDIR=/tmp
ENTRYPOINT ["intermission"]
CMD ["run", "scenarios/west_africa_2010.yaml", "--out", "/results/west_africa_2010"]
