using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>Whose routes and services need no approval.</summary>
internal sealed record AutoApprovers
{
    /// <summary>Routes, with whoever may serve them or a part of them.</summary>
    public IReadOnlyList<(IPPrefix Route, IReadOnlyList<PolicySelector> Approvers)> Routes { get; init; } = [];

    public IReadOnlyList<PolicySelector> ExitNode { get; init; } = [];

    /// <summary>Services by name or by one of their tags, with whoever may serve them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PolicySelector>> Services { get; init; } =
        new Dictionary<string, IReadOnlyList<PolicySelector>>();

    public bool ApprovesRoute(IPPrefix route, PolicyNode node) =>
        route.Bits == 0 ? IsAmong(ExitNode, node) : Routes.Any(rule => rule.Route.Covers(route) && IsAmong(rule.Approvers, node));

    public bool ApprovesService(string name, IReadOnlyList<string> tags, PolicyNode node) =>
        tags.Prepend(name).Any(key => Services.TryGetValue(key, out var approvers) && IsAmong(approvers, node));

    private static bool IsAmong(IReadOnlyList<PolicySelector> approvers, PolicyNode node) => approvers.Any(a => a.Names(node));
}
