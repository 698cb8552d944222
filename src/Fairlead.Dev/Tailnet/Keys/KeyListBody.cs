namespace Fairlead.Dev.Tailnet.Keys;

internal sealed record KeyListBody(IReadOnlyList<KeyBody> Keys);
