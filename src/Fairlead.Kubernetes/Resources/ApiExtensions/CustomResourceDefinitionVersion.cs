namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceDefinitionVersion : ExtensibleRecord
{
    public string? Name { get; init; }

    public bool? Served { get; init; }

    public bool? Storage { get; init; }

    public bool? Deprecated { get; init; }

    public string? DeprecationWarning { get; init; }

    public CustomResourceValidation? Schema { get; init; }

    public CustomResourceSubresources? Subresources { get; init; }

    public IReadOnlyList<CustomResourceColumnDefinition>? AdditionalPrinterColumns { get; init; }

    public IReadOnlyList<SelectableField>? SelectableFields { get; init; }
}
