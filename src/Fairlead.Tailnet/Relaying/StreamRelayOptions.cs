namespace Fairlead.Tailnet.Relaying;

/// <summary>How bytes are carried between two streams.</summary>
public sealed record StreamRelayOptions
{
    /// <summary>Bytes that are copied at a time, each way.</summary>
    public int BufferSize { get; init; } = 64 * 1024;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
