namespace Fairlead.Tailnet.Names;

/// <param name="Name">Lower case, without the final dot; empty for the root.</param>
/// <param name="Class">1 for the Internet.</param>
public sealed record DnsQuestion(string Name, DnsType Type, ushort Class = DnsMessage.InternetClass);
