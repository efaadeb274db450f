# Everything that a newcomer needs.
.PHONY: build test bench page aot compare many schema clean

build:
	dotnet build Sluice.slnx

test:
	dotnet test --solution Sluice.slnx

# Bytes per operation against bench/Sluice.Benchmarks/budgets.json.
bench:
	dotnet run --project bench/Sluice.Benchmarks -c Release -- --check-budgets

# What the page costs its reader: a long answer in a real browser, against its budget.
page:
	dotnet test --project tests/Sluice.EndToEnd -c Release --explicit only --filter-class "*BudgetTests" --output Detailed

# One native binary, without a runtime to install (needs gcc and zlib's headers).
aot:
	dotnet publish src/Sluice.Server -c Release -r linux-x64 -p:PublishAot=true -o artifacts/aot

# Sluice beside nginx, the original Go design and others, in one run.
compare:
	bench/compare/run

# Very many viewers, idle streams, and streams of every fate: what they cost, and that nothing is lost or left behind.
many:
	bench/many/run

# The JSON Schema of a configuration file, out of the settings and docs/configuration.md.
schema:
	dotnet run --project src/Sluice.Server -- config schema > docs/sluice.schema.json.new && mv docs/sluice.schema.json.new docs/sluice.schema.json

clean:
	dotnet clean Sluice.slnx -v q && rm -rf artifacts
