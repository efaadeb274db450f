namespace Sluice.Server.Load;

/// <summary>What one watched process used.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="CpuUs">CPU time during the run, microseconds.</param>
/// <param name="CpuUsPerToken">The same per delivered token; null if none was.</param>
/// <param name="RssBefore">Resident bytes before the run.</param>
/// <param name="RssPeak">The most that was seen, once a second.</param>
/// <param name="RssAfter">Resident bytes after the run.</param>
internal sealed record ProcessReport(int Pid, long CpuUs, double? CpuUsPerToken, long RssBefore, long RssPeak, long RssAfter);
