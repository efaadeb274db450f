# Everything that a newcomer needs.
.PHONY: build test bench aot compare many clean

build:
	dotnet build Sluice.slnx

test:
	dotnet test --solution Sluice.slnx

# Bytes per operation against bench/Sluice.Benchmarks/budgets.json.
bench:
	dotnet run --project bench/Sluice.Benchmarks -c Release -- --check-budgets

# One native binary, without a runtime to install (needs gcc and zlib's headers).
aot:
	dotnet publish src/Sluice.Server -c Release -r linux-x64 -p:PublishAot=true -o artifacts/aot

# Sluice beside nginx, the original Go design and others, in one run.
compare:
	bench/compare/run

# Very many viewers, idle streams, and streams of every fate: what they cost, and that nothing is lost or left behind.
many:
	bench/many/run

clean:
	dotnet clean Sluice.slnx -v q && rm -rf artifacts
