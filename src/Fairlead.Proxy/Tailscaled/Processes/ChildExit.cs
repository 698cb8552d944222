namespace Fairlead.Proxy.Tailscaled.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="Code">Its exit code; 128 plus the signal's number if a signal ended it, as shells have it.</param>
internal readonly record struct ChildExit(int Code)
{
    /// <summary>From the status that waitpid gives: the low seven bits are the signal, the next byte the code.</summary>
    public static ChildExit FromStatus(int status) => (status & 0x7f) == 0 ? new((status >> 8) & 0xff) : new(128 + (status & 0x7f));

    public override string ToString() => Code > 128 ? $"signal {Code - 128}" : $"exit code {Code}";
}
