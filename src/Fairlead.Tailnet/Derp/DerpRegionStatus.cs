namespace Fairlead.Tailnet.Derp;

/// <summary>What is known of the connection to one region.</summary>
/// <param name="Problem">What the relay, or the last failed attempt to connect, complained about; empty when all is well.</param>
public sealed record DerpRegionStatus(int Region, bool IsHome, bool IsConnected, string Problem, long BytesSent, long BytesReceived, long PacketsDropped);
