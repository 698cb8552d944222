namespace Fairlead.Tailscale.Keys;

internal sealed record KeyList
{
    public IReadOnlyList<TailnetKey> Keys { get; init => field = value ?? []; } = [];
}
