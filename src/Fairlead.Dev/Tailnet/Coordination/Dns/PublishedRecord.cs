namespace Fairlead.Dev.Tailnet.Coordination.Dns;

/// <summary>A DNS record that a node asked to publish, to prove a name to a certificate authority.</summary>
/// <param name="NodeId">Stable id of the node.</param>
/// <param name="Name">Full name, e.g. <c>_acme-challenge.web.embedded.ts.net</c>.</param>
/// <param name="Type">In practice <c>TXT</c>.</param>
public sealed record PublishedRecord(string NodeId, string Name, string Type, string Value, DateTimeOffset At);
