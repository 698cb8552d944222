namespace Fairlead.Tailnet.Tests.Netstack.Simulation;

/// <summary>What a link does to packets in one direction. Probabilities from 0 to 1.</summary>
internal sealed record LinkConditions
{
    public int Mtu { get; init; } = 1280;

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>Part of the packets that are held back for up to <see cref="ReorderDelay"/>.</summary>
    public double Reordering { get; init; }

    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(8);

    public double Corruption { get; init; }

    /// <summary>Bits per second; 0 is without bound.</summary>
    public long Bandwidth { get; init; }

    /// <summary>Bytes that wait for the link; more are dropped.</summary>
    public int Queue { get; init; } = 512 * 1024;

    /// <summary>Larger packets vanish without a word, though the link claims <see cref="Mtu"/>.</summary>
    public int SilentMtu { get; init; } = int.MaxValue;
}
