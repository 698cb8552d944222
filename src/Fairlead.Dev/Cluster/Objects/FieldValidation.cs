namespace Fairlead.Dev.Cluster.Objects;

/// <summary>What happens to fields that the schema does not know or that appear twice.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}
