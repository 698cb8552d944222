using System.Net;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>One way to open a channel.</summary>
/// <param name="Url">Scheme, host and port.</param>
/// <param name="Address">Where to connect instead of asking DNS for the host; null to ask.</param>
internal sealed record ControlRoute(Uri Url, IPAddress? Address)
{
    public override string ToString() => Address is null ? Url.GetLeftPart(UriPartial.Authority) : $"{Url.GetLeftPart(UriPartial.Authority)} at {Address}";
}
