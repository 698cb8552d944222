using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Audit;

/// <summary>Body of <c>POST /machine/audit-log</c>: something a user of the node did.</summary>
public sealed record AuditLogRequest
{
    public int Version { get; init; }

    public NodePublicKey NodeKey { get; init; }

    public string Action { get; init => field = value ?? ""; } = "";

    public string Details { get; init => field = value ?? ""; } = "";

    public DateTimeOffset Timestamp { get; init; }
}
