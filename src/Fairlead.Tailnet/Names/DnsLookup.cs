namespace Fairlead.Tailnet.Names;

/// <summary>What this node itself knows about a question.</summary>
/// <param name="IsOurs">False: ask the resolvers of <paramref name="ForwardTo"/> instead.</param>
/// <param name="ForwardTo">Empty: nobody is named for this domain.</param>
internal sealed record DnsLookup(bool IsOurs, DnsResponseCode Code, IReadOnlyList<DnsRecord> Answers, IReadOnlyList<string> ForwardTo);
