using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using static Fairlead.Dev.Cluster.BuiltIns.Columns.Cells;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns of roles, bindings and admission.</summary>
internal static class AccessColumns
{
    // Roles show when they were made, as a date, not how old they are.
    public static readonly ImmutableArray<PrinterColumn> Role =
        [Column("Created At", o => o.Object("metadata").Text("creationTimestamp") ?? Unknown, "When it was created.")];

    public static readonly ImmutableArray<PrinterColumn> Binding =
    [
        Column("Role", o => $"{o.Object("roleRef").Text("kind")}/{o.Object("roleRef").Text("name")}", "The role it grants."),
        Age,
        Column("Users", o => Subjects(o, "User"), wide: true),
        Column("Groups", o => Subjects(o, "Group"), wide: true),
        Column("ServiceAccounts", o => Subjects(o, "ServiceAccount"), wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> Webhooks = [Number("Webhooks", o => o.Array("webhooks")?.Count ?? 0, "How many there are."), Age];

    public static readonly ImmutableArray<PrinterColumn> Policy =
    [
        Number("Validations", o => o.Object("spec").Array("validations")?.Count ?? 0, "How many rules it has."),
        Column("ParamKind", o => o.Object("spec").Object("paramKind") is { } p ? $"{p.Text("apiVersion")}/{p.Text("kind")}" : "<unset>", "Kind of its parameters."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> PolicyBinding =
    [
        Column("PolicyName", o => o.Object("spec").Text("policyName") ?? "", "The policy it puts into force."),
        Column("ParamRef", o => o.Object("spec").Object("paramRef") is { } p ? $"{p.Text("namespace") ?? "*"}/{p.Text("name")}" : "<unset>", "Its parameters."),
        Age,
    ];

    private static string Subjects(JsonObject binding, string kind) => string.Join(
        ", ", binding.Objects("subjects").Where(s => s.Text("kind") == kind).Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")));
}
