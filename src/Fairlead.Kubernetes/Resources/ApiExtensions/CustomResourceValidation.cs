namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceValidation : ExtensibleRecord
{
    public JsonSchemaProps? OpenAPIV3Schema { get; init; }
}
