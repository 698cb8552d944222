using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>Body of <c>POST /machine/register</c>: a machine's wish to be, stay, or no longer be a node.</summary>
public sealed record RegisterRequest
{
    /// <summary>See <see cref="CapabilityVersion"/>.</summary>
    public int Version { get; init; }

    public NodePublicKey NodeKey { get; init; }

    /// <summary>The key being replaced; zero if there is none.</summary>
    public NodePublicKey OldNodeKey { get; init; }

    /// <summary>Tailnet-lock key.</summary>
    public string NLKey { get; init => field = value ?? ""; } = "";

    /// <summary>Null to be sent to a log-in page.</summary>
    public RegisterAuth? Auth { get; init; }

    /// <summary>The default value leaves it to the server; a time in the past logs the node out.</summary>
    public DateTimeOffset Expiry { get; init; }

    /// <summary>Log-in page being waited for: the server answers when its user is done.</summary>
    public string Followup { get; init => field = value ?? ""; } = "";

    /// <summary>Servers refuse a request without.</summary>
    public Hostinfo? Hostinfo { get; init; }

    /// <summary>Whether the node goes as soon as it is no longer connected.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Tailnet-lock signature of the node key.</summary>
    public byte[]? NodeKeySignature { get; init; }

    /// <summary>Scheme of <see cref="Signature"/>, as text: signature-v1, signature-v2 …; empty = not signed.</summary>
    public string SignatureType { get; init => field = value ?? ""; } = "";

    public DateTimeOffset? Timestamp { get; init; }

    public byte[]? DeviceCert { get; init; }

    public byte[]? Signature { get; init; }

    /// <summary>Preferred tailnet of a user who is in several.</summary>
    public string Tailnet { get; init => field = value ?? ""; } = "";
}
