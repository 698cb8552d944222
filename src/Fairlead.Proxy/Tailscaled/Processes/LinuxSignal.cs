namespace Fairlead.Proxy.Tailscaled.Processes;

/// <summary>Signals by their numbers on Linux.</summary>
internal enum LinuxSignal
{
    Kill = 9,
    BrokenPipe = 13,
    Terminate = 15,
}
