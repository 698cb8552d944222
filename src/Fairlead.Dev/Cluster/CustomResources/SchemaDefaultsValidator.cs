using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Defaults must be values their own schema accepts, with nothing in them that pruning would remove.</summary>
internal sealed class SchemaDefaultsValidator(List<FieldError> errors)
{
    public void Validate(SchemaNode schema, FieldPath path, bool isRoot = false)
    {
        if (schema.Default is not null)
            Check(schema, path.Member("default"), isRoot);
        foreach (var (name, member) in schema.Properties)
        {
            if (!isRoot || name is not ("apiVersion" or "kind" or "metadata"))
                Validate(member, path.Member("properties").Key(name));
        }

        if (schema.AdditionalProperties is { } values)
            Validate(values, path.Member("additionalProperties"));
        if (schema.Items is { } items)
            Validate(items, path.Member("items"));
    }

    private void Check(SchemaNode schema, FieldPath path, bool isRoot)
    {
        if (isRoot)
        {
            errors.Add(new FieldError(FieldErrorType.Forbidden, path.ToString(), "must not be set at the root"));
            return;
        }

        var value = schema.Default!.DeepClone();
        foreach (var unknown in SchemaPruner.Prune(value.DeepClone(), schema))
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), $"must not have unknown fields: {unknown}", JsonText.Of(schema.Default)));
        SchemaDefaulter.Apply(value, schema);
        foreach (var error in SchemaValidator.Validate(value, null, schema with { Validations = [] }))
            errors.Add(error with { Field = error.Field == "<nil>" ? path.ToString() : $"{path}.{error.Field}" });
    }
}
