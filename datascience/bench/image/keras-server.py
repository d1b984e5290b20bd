"""The usual Python server: FastAPI on uvicorn, Pillow, Keras, on the network of a model package.

keras-server.py PACKAGE PORT predict|function runs the network by `model.predict`, as most servers do, or by a compiled
`tf.function`, the fastest way there is, and answers POST /invocations as MLflow's scoring protocol has it.
"""

import base64
import io
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(__file__))

import numpy as np
import tensorflow as tf
import uvicorn
from fastapi import FastAPI
from PIL import Image, ImageOps
from pydantic import BaseModel

import keras_network

package, port, way = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(os.path.join(package, "manifest.json"), encoding="utf8") as file:
    manifest = json.load(file)
size = manifest["network"]["config"]["size"]
tolerance = manifest["processors"][0]["config"]["borderTolerance"]
ids = [str(category["id"]) for category in manifest["categories"]]
temperature = manifest["calibration"]["temperature"]
network = keras_network.load(os.path.join(package, "network.onnx"))


@tf.function(input_signature=[tf.TensorSpec((None, size, size, 3), tf.float32)])
def compiled(photos):
    return tf.nn.softmax(network(photos, training=False) / temperature)


def probabilities(photos):
    if way == "function":
        return compiled(tf.constant(photos)).numpy()
    return tf.nn.softmax(network.predict(photos, verbose=0) / temperature).numpy()


def prepare(encoded):
    photo = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded))).convert("RGB")
    pixels = np.asarray(photo, dtype=np.int16)
    corner = pixels[0, 0]
    if corner.min() >= 230:
        content = (np.abs(pixels - corner) > tolerance).any(axis=2)
        rows, columns = np.flatnonzero(content.any(axis=1)), np.flatnonzero(content.any(axis=0))
        if len(rows):
            photo = photo.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    photo = ImageOps.pad(photo, (size, size), method=Image.Resampling.LANCZOS, color="white")
    return np.asarray(photo, dtype=np.float32) / 127.5 - 1


class Invocation(BaseModel):
    dataframe_records: list[dict[str, str]]


app = FastAPI()


@app.post("/invocations")
def invocations(body: Invocation):
    photos = [prepare(base64.b64decode(record["image"])) for record in body.dataframe_records]
    rows = probabilities(np.stack(photos))
    return {"predictions": [dict(zip(ids, map(float, row))) for row in rows]}


probabilities(np.zeros((1, size, size, 3), dtype=np.float32))
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
