namespace Sluice.Server.Load;

/// <summary>What one process used during a run.</summary>
internal sealed class ProcessWatch(int pid)
{
    private ProcessUsage _before;
    private ProcessUsage _last;
    private long _peak;

    /// <summary>Takes the figures before the run.</summary>
    public void Begin()
    {
        _before = _last = ProcessUsage.Read(pid) ?? default;
        _peak = _before.RssBytes;
    }

    /// <summary>Takes the figures now; a process that has gone keeps its last ones.</summary>
    public void Sample()
    {
        _last = ProcessUsage.Read(pid) ?? _last;
        _peak = Math.Max(_peak, _last.RssBytes);
    }

    public ProcessReport Report(long tokens)
    {
        var cpu = _last.CpuMicroseconds - _before.CpuMicroseconds;
        return new ProcessReport(pid, cpu, tokens == 0 ? null : Math.Round((double)cpu / tokens, 2), _before.RssBytes, _peak, _last.RssBytes);
    }
}
