namespace Fairlead.Tailscale.Tests.LocalApi;

internal sealed record ReceivedRequest(string Line, string Host, string IfMatch, string Body);
