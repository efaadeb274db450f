using Sluice.Many;

// Nothing here blocks: what arrives is looked at on the thread that it arrived on.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var options = Arguments.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(Arguments.Usage);
    return 2;
}

var findings = new Findings();
await (options.Kind switch
{
    "crowd" => CrowdRun.RunAsync(options, findings),
    "idle" => IdleRun.RunAsync(options, findings),
    _ => FatesRun.RunAsync(options, findings),
});
findings.Print($"{options.Kind} ({Path.GetFileName(options.Program)})", Console.Out);
return findings.IsClean ? 0 : 1;
