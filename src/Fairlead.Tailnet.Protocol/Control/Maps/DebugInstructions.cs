namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>What the server wants of the program, once.</summary>
public sealed record DebugInstructions
{
    /// <summary>How long to do nothing before the next message.</summary>
    public double SleepSeconds { get; init; }

    public bool DisableLogTail { get; init; }

    /// <summary>Exit code to end the process with.</summary>
    public int? Exit { get; init; }
}
