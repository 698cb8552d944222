namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>Limits on each element of a list, or on each value of a map.</summary>
public sealed class ElementSchemaAttribute : SchemaAttribute;
