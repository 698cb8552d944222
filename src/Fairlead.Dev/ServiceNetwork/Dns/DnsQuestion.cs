namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <param name="Name">In lower case, without the final dot.</param>
internal sealed record DnsQuestion(string Name, DnsType Type);
