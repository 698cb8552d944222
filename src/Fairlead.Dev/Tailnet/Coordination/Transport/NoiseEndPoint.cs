using System.Net;

namespace Fairlead.Dev.Tailnet.Coordination.Transport;

/// <summary>Where the encrypted channels of nodes come out: no address, as they arrive inside connections to another endpoint.</summary>
internal sealed class NoiseEndPoint : EndPoint
{
    public static NoiseEndPoint Instance { get; } = new();

    public override string ToString() => "noise";
}
