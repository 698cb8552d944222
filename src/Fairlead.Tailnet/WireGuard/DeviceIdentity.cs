using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Cookies;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>The node's key and what follows from it.</summary>
internal sealed class DeviceIdentity
{
    public DeviceIdentity(NodePrivateKey privateKey, TimeProvider time)
    {
        PrivateKey = privateKey;
        PublicKey = privateKey.PublicKey;
        Macs = new MacKeys(PublicKey.Key);
        Cookies = new CookieIssuer(Macs, time);
    }

    public NodePrivateKey PrivateKey { get; }

    public NodePublicKey PublicKey { get; }

    public MacKeys Macs { get; }

    public CookieIssuer Cookies { get; }
}
