using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Dns;

/// <summary>Body of <c>POST /machine/set-dns</c>: a record to publish, to prove a name to a certificate authority.</summary>
public sealed record SetDnsRequest
{
    public int Version { get; init; }

    public NodePublicKey NodeKey { get; init; }

    /// <summary><c>_acme-challenge.</c> and the name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary><c>TXT</c>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    public string Value { get; init => field = value ?? ""; } = "";
}
