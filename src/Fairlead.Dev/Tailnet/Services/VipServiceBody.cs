namespace Fairlead.Dev.Tailnet.Services;

internal sealed record VipServiceBody
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Addrs { get; init; }

    public string? DisplayName { get; init; }

    public string? Comment { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<string>? Ports { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public static VipServiceBody Of(TailnetService service) => new()
    {
        Name = service.Name,
        Addrs = service.Addresses,
        DisplayName = service.DisplayName.Length == 0 ? null : service.DisplayName,
        Comment = service.Comment.Length == 0 ? null : service.Comment,
        Annotations = service.Annotations.Count == 0 ? null : service.Annotations,
        Ports = service.Ports,
        Tags = service.Tags,
    };
}
