namespace Fairlead.Dev.Runner.Processes;

/// <summary>Signals by their POSIX numbers.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
}
