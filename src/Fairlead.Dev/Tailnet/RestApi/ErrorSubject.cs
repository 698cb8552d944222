namespace Fairlead.Dev.Tailnet.RestApi;

internal sealed record ErrorSubject(string User, IReadOnlyList<string> Errors);
