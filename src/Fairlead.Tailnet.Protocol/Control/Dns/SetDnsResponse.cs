namespace Fairlead.Tailnet.Protocol.Control.Dns;

/// <summary>The record can be seen now.</summary>
public sealed record SetDnsResponse;
