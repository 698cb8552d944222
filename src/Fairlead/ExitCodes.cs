namespace Fairlead;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The work was done and its result is bad news: problems were found, objects differ.</summary>
    public const int Findings = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Something the program needs is not there or refuses: a cluster, a port, a file.</summary>
    public const int Unavailable = 3;

    /// <summary>A mistake of the program itself (<c>EX_SOFTWARE</c> of sysexits.h).</summary>
    public const int InternalError = 70;

    /// <summary>Stopped by a signal before the work was done, as shells report SIGINT.</summary>
    public const int Interrupted = 130;
}
