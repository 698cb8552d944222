using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.Connectors;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Resources.ProxyGroups;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>The definitions of the project's own types, as they are installed in a cluster.</summary>
public static class TailscaleDefinitions
{
    private static readonly SchemaGenerator Schemas = new(TailscaleJsonContext.Default.Options);

    public static ImmutableArray<CustomResourceDefinition> All { get; } =
    [
        Define(
            TailscaleResources.Connectors,
            ["cn"],
            PrinterColumns.Text("SubnetRoutes", ".status.subnetRoutes", "Networks that the devices lead to."),
            PrinterColumns.Text("IsExitNode", ".status.isExitNode", "Whether the devices lead to the rest of the internet."),
            PrinterColumns.Text("IsAppConnector", ".status.isAppConnector", "Whether the devices lead to applications."),
            PrinterColumns.Status(Connector.ReadyCondition),
            PrinterColumns.Age),
        Define(TailscaleResources.ProxyClasses, [], PrinterColumns.Status(ProxyClass.ReadyCondition), PrinterColumns.Age),
        Define(
            TailscaleResources.ProxyGroups,
            ["pg"],
            PrinterColumns.Status(ProxyGroup.ReadyCondition),
            PrinterColumns.Text("URL", ".status.url", "Where the cluster's API is reached on the tailnet."),
            PrinterColumns.Text("Type", ".spec.type", "What the group is for."),
            PrinterColumns.Age),
        Define(TailscaleResources.ProxyGroupPolicies, ["pgp"], PrinterColumns.Age),
        Define(TailscaleResources.Tailnets, ["tn"], PrinterColumns.Age, PrinterColumns.Status(Tailnet.ReadyCondition)),
    ];

    private static CustomResourceDefinition Define<T>(
        ResourceType<T> type, ImmutableArray<string> shortNames, params ImmutableArray<CustomResourceColumnDefinition> columns)
        where T : class, IKubernetesObject => new()
        {
            ApiVersion = KubernetesResources.CustomResourceDefinitions.ApiVersion,
            Kind = KubernetesResources.CustomResourceDefinitions.Kind,
            Metadata = new ObjectMeta { Name = type.GroupResource },
            Spec = new CustomResourceDefinitionSpec
            {
                Group = type.Group,
                Scope = type.Namespaced ? "Namespaced" : "Cluster",
                Names = new CustomResourceDefinitionNames
                {
                    Kind = type.Kind,
                    ListKind = type.Kind + "List",
                    Plural = type.Plural,
                    Singular = type.Kind.ToLowerInvariant(),
                    ShortNames = shortNames.IsEmpty ? null : shortNames,
                },
                Versions =
            [
                new CustomResourceDefinitionVersion
                {
                    Name = type.Version,
                    Served = true,
                    Storage = true,
                    AdditionalPrinterColumns = columns,
                    Subresources = new CustomResourceSubresources { Status = new CustomResourceSubresourceStatus() },
                    Schema = new CustomResourceValidation { OpenAPIV3Schema = Schemas.Root(type.Json) },
                },
            ],
            },
        };
}
