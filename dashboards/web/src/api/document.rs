//! The description as a value, and as the tables that its page shows.

use serde_json::{Map, Value};
use utoipa::openapi::{
    OpenApi,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The description of the whole API.
pub struct Document {
    text: String,
    value: Value,
}

/// How the description is put together: registered as `actix_web::web::Data` by the server, which knows every room.
#[derive(Clone, Copy)]
pub struct Describe(pub fn() -> kernel::Result<Document>);

/// An operation as its page shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// `GET`
    pub method: String,
    /// `/api/v1/me`
    pub path: String,
    /// What it is for.
    pub summary: String,
    /// What else there is to say.
    pub description: String,
    /// What goes into the address.
    pub parameters: Vec<Field>,
    /// What is sent, by name of its schema.
    pub body: Option<String>,
    /// What may come back: status, meaning, name of the schema.
    pub answers: Vec<(String, String, Option<String>)>,
}

/// A parameter, or a field of a schema.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub kind: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub meaning: String,
}

/// A schema that operations name.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// Its fields; empty for what is no object.
    pub fields: Vec<Field>,
}

impl Document {
    /// Completes what the rooms described by how one is recognised.
    ///
    /// # Errors
    /// When the description cannot be written.
    pub fn new(mut described: OpenApi) -> kernel::Result<Self> {
        let components = described.components.get_or_insert_default();
        let key = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A key of /account/keys: `Authorization: Bearer shq_…`.")).build());
        components.add_security_scheme("key", key);
        let proof = "A token bound to a device (RFC 9449): `Authorization: DPoP shq_…`, with a fresh proof in the header `DPoP`.";
        components.add_security_scheme("device", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("Authorization", proof))));
        let broken = |error: serde_json::Error| kernel::Error::broken(error.to_string());
        let value = serde_json::to_value(&described).map_err(broken)?;
        Ok(Self { text: serde_json::to_string_pretty(&value).map_err(broken)?, value })
    }

    /// As programs read it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every operation, in the order of addresses.
    pub fn operations(&self) -> Vec<Operation> {
        let paths = entries(self.value.get("paths"));
        paths.flat_map(|(path, methods)| entries(Some(methods)).map(|(method, told)| operation(path, method, told))).collect()
    }

    /// Every schema, by name.
    pub fn schemas(&self) -> Vec<Schema> {
        entries(self.value.pointer("/components/schemas")).map(|(name, told)| schema(name, told)).collect()
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text(told: &Value, name: &str) -> String {
    told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn operation(path: &str, method: &str, told: &Value) -> Operation {
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(told, "summary"),
        description: text(told, "description"),
        parameters: items(told.get("parameters")).map(parameter).collect(),
        body: told.pointer("/requestBody/content/application~1json/schema").map(kind),
        answers: entries(told.get("responses")).map(|(status, told)| (status.clone(), text(told, "description"), schema_of(told).map(kind))).collect(),
    }
}

fn parameter(told: &Value) -> Field {
    let required = told.get("required").and_then(Value::as_bool).unwrap_or_default();
    Field { name: text(told, "name"), kind: told.get("schema").map(kind).unwrap_or_default(), required, meaning: text(told, "description") }
}

/// The schema of an answer.
fn schema_of(answer: &Value) -> Option<&Value> {
    entries(answer.get("content")).next().and_then(|(_, content)| content.get("schema"))
}

fn schema(name: &str, told: &Value) -> Schema {
    let required: Vec<&str> = items(told.get("required")).filter_map(Value::as_str).collect();
    let field = |(name, told): (&String, &Value)| Field { name: name.clone(), kind: kind(told), required: required.contains(&name.as_str()), meaning: text(told, "description") };
    Schema { name: name.to_owned(), meaning: text(told, "description"), fields: entries(told.get("properties")).map(field).collect() }
}

/// A schema in words: `string (date)`, `Pupil`, `[Pupil]`, `string | null`.
fn kind(told: &Value) -> String {
    if let Some(name) = told.get("$ref").and_then(Value::as_str) {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|name| told.get(name)) {
        return items(Some(choices)).map(kind).collect::<Vec<_>>().join(" | ");
    }
    let names: Vec<String> = match told.get("type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let described = names.into_iter().map(|name| match (name.as_str(), told.get("items"), told.get("format").and_then(Value::as_str)) {
        ("array", Some(item), _) => format!("[{}]", kind(item)),
        (_, _, Some(format)) if name != "null" => format!("{name} ({format})"),
        _ => name,
    });
    described.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_told_in_words() {
        for (schema, words) in [
            (json!({"$ref": "#/components/schemas/Pupil"}), "Pupil"),
            (json!({"type": "array", "items": {"$ref": "#/components/schemas/Pupil"}}), "[Pupil]"),
            (json!({"type": ["string", "null"], "format": "date"}), "string (date) | null"),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Id"}]}), "null | Id"),
            (json!({}), ""),
        ] {
            assert_eq!(kind(&schema), words);
        }
    }
}
